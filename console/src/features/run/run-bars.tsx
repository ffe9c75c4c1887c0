import { useState, type PointerEvent } from 'react';
import { clockTime } from '../../kit/time.rules';
import { barAt, type Bar } from './run-chart.rules';
import styles from './run.module.css';

export interface PickedTime {
  since: string;
  until: string;
}

/** Calls over time as bars. A click picks the time of one bar, a drag that of several; a table and fields say and do the same. */
export function RunBars({ bars, onPick }: { bars: readonly Bar[]; onPick: (picked: PickedTime) => void }) {
  const [brush, setBrush] = useState<readonly [from: number, to: number] | null>(null);
  const most = Math.max(1, ...bars.map(({ calls }) => calls));
  const indexOf = ({ currentTarget, clientX }: PointerEvent<SVGSVGElement>): number => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return barAt(clientX - left, width, bars.length);
  };
  const end = (): void => {
    if (brush === null) return;
    const [from, to] = brush.toSorted((a, b) => a - b) as [number, number];
    setBrush(null);
    onPick({ since: new Date(bars[from]!.at).toISOString(), until: new Date(bars[to]!.until).toISOString() });
  };
  return (
    <svg
      className={styles.chart}
      viewBox={`0 0 ${bars.length} 100`}
      preserveAspectRatio="none"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setBrush([indexOf(event), indexOf(event)]);
      }}
      onPointerMove={(event) => brush && setBrush([brush[0], indexOf(event)])}
      onPointerUp={end}
      onPointerCancel={() => setBrush(null)}
    >
      {bars.map((bar, index) => (
        <OneBar key={bar.at} bar={bar} index={index} most={most} />
      ))}
      {brush && (
        <rect
          className={styles.brush}
          x={Math.min(...brush)}
          width={Math.abs(brush[1] - brush[0]) + 1}
          y={0}
          height={100}
        />
      )}
    </svg>
  );
}

function OneBar({ bar, index, most }: { bar: Bar; index: number; most: number }) {
  const part = (count: number, kind: string | undefined) => {
    const tall = count === 0 ? 0 : Math.max(3, (100 * count) / most);
    return tall > 0 && <rect x={index + 0.1} width={0.8} y={100 - tall} height={tall} className={kind} />;
  };
  return (
    <g className={styles.bar}>
      <rect x={index} width={1} y={0} height={100} className={styles.hit} />
      {part(bar.calls, styles.good)}
      {part(bar.failed + bar.refused, styles.warn)}
      {part(bar.failed, styles.bad)}
      <title>{`${clockTime(bar.at, Date.now())}: ${bar.calls} calls, ${bar.failed} failed, ${bar.refused} refused`}</title>
    </g>
  );
}

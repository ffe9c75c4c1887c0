/** Milliseconds after which a state that does not come about fails the measurement. */
const PATIENCE_MS = 60_000;

/**
 * Runs in each page before its own scripts. `bench.until(isThere)` resolves to the time at which a state is on the screen: after the frame
 * that draws it. `bench.time(act, isThere)` returns the milliseconds from an act to that frame.
 */
export const PAGE_SCRIPT = `globalThis.bench = (() => {
  const drawn = () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    port2.postMessage(null);
  }));
  const until = (isThere) => new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(() => reject(new Error('never: ' + isThere + ' at ' + location))), ${PATIENCE_MS});
    const end = (then) => { clearTimeout(timer); observer.disconnect(); then(); };
    const look = () => isThere() && end(() => resolve(drawn()));
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    look();
  });
  const time = async (act, isThere) => {
    const start = performance.now();
    act();
    return (await until(isThere)) - start;
  };
  /** Milliseconds between frames, while a step is done in each. */
  const frames = (count, step) => new Promise((resolve) => {
    const times = [];
    const next = (at) => {
      times.push(at);
      if (times.length > count) return resolve(times.slice(1).map((one, index) => one - times[index]));
      step?.(times.length);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  /** Milliseconds from each key, as the browser got it, to the frame after it. */
  const keys = [];
  addEventListener('keydown', (event) => void drawn().then((at) => keys.push(at - event.timeStamp)), true);
  const heading = () => document.querySelector('main h1');
  const isBusy = () => document.querySelector('main [aria-busy=true]') !== null;
  /** Goes to an address below /console as a link does. Resolves to its time, and to the requests of the screen. */
  const go = async (path, isThere = () => true) => {
    performance.clearResourceTimings();
    const before = heading();
    const ms = await time(
      () => history.pushState(null, '', '/console' + path),
      () => heading() !== null && heading() !== before && !isBusy() && isThere(),
    );
    const asked = performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname.startsWith('/admin/'));
    return { ms, requests: asked.length, slowest: Math.max(0, ...asked.map(({ duration }) => duration)) };
  };
  return { until, time, frames, keys, go };
})()`;

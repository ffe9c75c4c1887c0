import { lazy, Suspense } from 'react';
import { Placeholder } from '../../kit/state';

const CodeEditor = lazy(() => import('../../editor/code-editor'));

/** The code of a step: one text, or a list of its lines. Without `onChange` it is only to be read. */
export function StepCode({ value, onChange }: { value: unknown; onChange?: (text: string) => void }) {
  const text = Array.isArray(value) ? value.join('\n') : typeof value === 'string' ? value : '';
  return (
    <Suspense fallback={<Placeholder rows={4} what="the editor" />}>
      <CodeEditor
        label="Code of the step"
        language="javascript"
        size="small"
        value={text}
        {...(onChange && { onChange })}
      />
    </Suspense>
  );
}

import { RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import type { Form } from '../../kit/form';
import { fromDigits, fromJsonIfAny, fromLines, jsonIssue, toJson, toLines } from '../../kit/text-values.rules';
import { EditEndpoint } from './edit-endpoint';
import type { Endpoint } from './endpoint.queries';

type By = NonNullable<Endpoint['cache']>['by'];
const CACHES: readonly { value: By | 'off'; label: string; hint?: string }[] = [
  { value: 'off', label: 'not kept', hint: 'The handler runs for every call' },
  { value: 'principal', label: 'kept for each caller', hint: 'A key, user or token gets its own answers again' },
  { value: 'key', label: 'kept for each key', hint: 'Calls of users and tokens run each time' },
  { value: 'all', label: 'shared by all who may call', hint: 'The handler does not see who calls' },
];

const toValues = ({ cache, response, onError }: Endpoint) => ({
  by: cache?.by ?? ('off' as const),
  ttlSeconds: String(cache?.ttlSeconds ?? 60),
  vary: toLines(cache?.vary ?? []),
  cookies: toLines(response.cookies),
  schema: toJson(response.schema),
  after: toLines(response.after),
  onError: onError ?? '',
});
type Values = ReturnType<typeof toValues>;
const LABELS: Record<keyof Values, string> = {
  by: 'Answers to GET are',
  ttlSeconds: 'For how long (s)',
  vary: 'What else they depend on',
  cookies: 'Cookies',
  schema: 'Schema',
  after: 'Handlers that see each answer',
  onError: 'Handler for failures',
};

/** Treatment of the answers of an endpoint: cache, cookies, and the handlers that change or replace them. */
export default function EditAnswers({ endpoint }: { endpoint: Endpoint }) {
  return (
    <EditEndpoint
      endpoint={endpoint}
      title="Answers"
      what="the answers"
      labels={LABELS}
      toValues={toValues}
      toBody={({ by, ttlSeconds, vary, cookies, schema, after, onError }) => ({
        cache: by === 'off' ? null : { by, ttlSeconds: fromDigits(ttlSeconds), vary: fromLines(vary) },
        response: { cookies: fromLines(cookies), schema: fromJsonIfAny(schema), after: fromLines(after) },
        onError: onError.trim() === '' ? null : onError.trim(),
      })}
    >
      {(form, reason) => <AnswerFields form={form} reason={reason} />}
    </EditEndpoint>
  );
}

function AnswerFields({ form, reason }: { form: Form<Values>; reason: string | undefined }) {
  const { values, field } = form;
  const isReadOnly = reason !== undefined;
  const schema = field('schema', '/response/schema');
  return (
    <>
      <RadioField label={LABELS.by} options={CACHES} isDisabled={isReadOnly} {...field('by', '/cache')} />
      {values.by !== 'off' && (
        <>
          <TextField
            label={LABELS.ttlSeconds}
            type="number"
            isReadOnly={isReadOnly}
            {...field('ttlSeconds', '/cache/ttlSeconds')}
          />
          <TextField
            label={LABELS.vary}
            hint="One a line: header:accept-language, query:page. The path and parameters always count"
            rows={2}
            isCode
            isReadOnly={isReadOnly}
            {...field('vary', '/cache/vary')}
          />
        </>
      )}
      <TextField
        label={LABELS.cookies}
        hint="Names of cookies that the handler may set and read, one a line. Needs an admin"
        rows={2}
        isCode
        isReadOnly={isReadOnly}
        {...field('cookies', '/response/cookies')}
      />
      <TextField
        label={LABELS.schema}
        hint="JSON Schema of the JSON that it returns: for its description, and a warning in the run of an answer that differs"
        rows={6}
        isCode
        isReadOnly={isReadOnly}
        {...schema}
        error={jsonIssue(schema.value) ?? schema.error}
      />
      <TextField
        label={LABELS.after}
        hint="Paths, one a line, in their order. Each may change the answer"
        rows={2}
        isCode
        isReadOnly={isReadOnly}
        {...field('after', '/response/after')}
      />
      <TextField
        label={LABELS.onError}
        hint="Path of a handler that answers when this one fails or times out. Empty: callers get the problem"
        isCode
        isReadOnly={isReadOnly}
        {...field('onError', '/onError')}
      />
    </>
  );
}

import { CheckField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { fromDigits } from '../../kit/text-values.rules';
import { EditEndpoint } from '../endpoint/edit-endpoint';
import type { Endpoint } from '../endpoint/endpoint.queries';
import { withSecret } from '../endpoint/with-secret.rules';
import { ChooseSecret } from '../secret/choose-secrets';

const toValues = ({ alert }: Endpoint) => ({
  isOn: alert !== null,
  url: alert?.url ?? '',
  secret: alert?.secret ?? '',
  failures: String(alert?.failures ?? 0),
  minutes: String(alert?.minutes ?? 10),
});
const LABELS = {
  isOn: 'Alert',
  url: 'URL of the receiver',
  secret: 'Signing secret',
  failures: 'More failed runs than',
  minutes: 'In minutes',
};

/** When an endpoint tells whom that it fails. */
export const EditAlert = ({ endpoint }: { endpoint: Endpoint }) => (
  <EditEndpoint
    endpoint={endpoint}
    title="Alert"
    what="the alert"
    labels={LABELS}
    toValues={toValues}
    toBody={({ isOn, url, secret, failures, minutes }, base) =>
      isOn
        ? {
            alert: { url, secret, failures: fromDigits(failures), minutes: fromDigits(minutes) },
            ...withSecret(base, secret),
          }
        : { alert: null }
    }
  >
    {({ values, set, field }, reason) => {
      const isReadOnly = reason !== undefined;
      return (
        <>
          <CheckField isSelected={values.isOn} isDisabled={isReadOnly} onChange={(isOn) => set('isOn', isOn)}>
            Send a signed message when runs fail, and when that is over
          </CheckField>
          {values.isOn && (
            <>
              <TextField
                label={LABELS.url}
                hint="Gets a POST, signed as Standard Webhooks have it: https at a public host"
                type="url"
                isCode
                isReadOnly={isReadOnly}
                {...field('url', '/alert/url')}
              />
              <ChooseSecret
                label={LABELS.secret}
                hint="Its value is whsec_ and base64. It is added to the secrets of the endpoint"
                isDisabled={isReadOnly}
                {...field('secret', '/alert/secret')}
              />
              <TextField
                label={LABELS.failures}
                hint="Calls and schedules alike; refused calls are none"
                type="number"
                isReadOnly={isReadOnly}
                {...field('failures', '/alert/failures')}
              />
              <TextField
                label={LABELS.minutes}
                hint="1 to 60"
                type="number"
                isReadOnly={isReadOnly}
                {...field('minutes', '/alert/minutes')}
              />
            </>
          )}
        </>
      );
    }}
  </EditEndpoint>
);

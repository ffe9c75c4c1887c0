import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { call, type Answer } from '../../api/call';
import { useSession } from '../../api/session';
import { Button } from '../../kit/button';
import { TextField } from '../../kit/field';
import { Notice } from '../../kit/notice';
import { Facts, Page, Section } from '../../kit/page';
import { Loaded } from '../../kit/state';
import { toastFailed } from '../../kit/toast';

const route = getRouteApi('/device');
type DeviceLogin = Answer<'GET /admin/device-logins/:code'>;

/** Lets a program that shows a code, such as `portico login`, act for the user. */
export function AnswerDevice() {
  const { code = '' } = route.useSearch();
  return <Page title="Sign in a program">{code === '' ? <AskCode /> : <Asked key={code} code={code} />}</Page>;
}

function AskCode() {
  const navigate = useNavigate({ from: '/device' });
  const [code, setCode] = useState('');
  return (
    <Section title="The program">
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          void navigate({ search: { code: code.trim() } });
        }}
      >
        <TextField label="Code" hint="As the program shows it, such as BCDF-GHJK" value={code} onChange={setCode} />
        <Button type="submit" tone="primary" isDisabled={code.trim() === ''}>
          Continue
        </Button>
      </Form>
    </Section>
  );
}

function Asked({ code }: { code: string }) {
  const query = useQuery({
    queryKey: ['device-logins', code],
    queryFn: ({ signal }) => call('GET /admin/device-logins/:code', { params: { code }, signal }),
    // Once answered it is not found any more.
    refetchOnWindowFocus: false,
    staleTime: Infinity,
  });
  return (
    <Loaded query={query} what="the request of the program">
      {(login) => <Answering login={login} />}
    </Loaded>
  );
}

function Answering({ login: { userCode, name, scopes, days } }: { login: DeviceLogin }) {
  const { user } = useSession();
  const { mutate, isPending, variables, isSuccess } = useMutation({
    mutationFn: (approve: boolean) =>
      call('PUT /admin/device-logins/:code', { params: { code: userCode }, body: { approve } }),
    onError: toastFailed,
  });
  if (isSuccess)
    return (
      <Notice tone={variables ? 'good' : 'info'}>
        {variables ? `${name} is signed in as ${user.name}. You can close this page.` : `${name} was refused.`}
      </Notice>
    );
  return (
    <Section title={name}>
      <Notice tone="warn">
        Approve only what you have just started yourself, and when the program shows the same code. The name is what the
        program calls itself.
      </Notice>
      <Facts
        facts={[
          ['Code', <code key="code">{userCode}</code>],
          ['It may', `${scopes.join(', ')}, never more than your roles permit`],
          ['It acts for', user.name],
          ['Valid', `${days} days, or until you revoke it under Tokens`],
        ]}
      />
      <Button tone="primary" isPending={isPending && variables} onPress={() => mutate(true)}>
        Approve
      </Button>{' '}
      <Button isPending={isPending && !variables} onPress={() => mutate(false)}>
        Refuse
      </Button>
    </Section>
  );
}

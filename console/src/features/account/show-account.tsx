import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { call } from '../../api/call';
import { useSession } from '../../api/session';
import { Button } from '../../kit/button';
import { RadioField } from '../../kit/choice-field';
import { TextField } from '../../kit/field';
import { useForm } from '../../kit/form';
import { Notice } from '../../kit/notice';
import { Facts, Page, Section } from '../../kit/page';
import { toastDone } from '../../kit/toast';
import { OwnPasskeys } from './own-passkeys';
import { OwnSessions } from './own-sessions';
import { chooseTheme, readTheme, type Theme } from '../../shell/theme';

const THEMES: readonly { value: Theme; label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** The signed-in user: name and roles, password, and the colors of this browser. */
export function ShowAccount() {
  const { user } = useSession();
  const [theme, setTheme] = useState(readTheme);
  return (
    <Page title="Account">
      <Section title="You">
        <Facts
          facts={[
            ['Name', user.name],
            ['Roles', user.roles.join(', ') || 'none'],
          ]}
        />
      </Section>
      <Section title="Colors">
        <RadioField
          label="Theme"
          value={theme}
          options={THEMES}
          onChange={(chosen) => {
            chooseTheme(chosen);
            setTheme(chosen);
          }}
        />
      </Section>
      <OwnSessions />
      <OwnPasskeys />
      <Section title="Password">
        <ChangePassword name={user.name} />
      </Section>
    </Page>
  );
}

const EMPTY = { password: '', newPassword: '' };

function ChangePassword({ name }: { name: string }) {
  const form = useForm(EMPTY);
  const { values, set, errorAt } = form;
  const client = useQueryClient();
  const send = async (): Promise<void> => {
    if (!(await form.send((body) => call('PATCH /admin/session', { body })))) return;
    set('password', '');
    set('newPassword', '');
    await client.invalidateQueries({ queryKey: ['sessions'] });
    toastDone('The password is changed. Your other sessions have ended.');
  };
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      style={{ display: 'grid', gap: 16, maxWidth: 380 }}
    >
      {/* Password managers look for the name beside the passwords. */}
      <input className="hidden" autoComplete="username" value={name} readOnly tabIndex={-1} aria-hidden="true" />
      <TextField
        label="Your password"
        type="password"
        autoComplete="current-password"
        value={values.password}
        onChange={(value) => set('password', value)}
        error={errorAt('/password')}
      />
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        value={values.newPassword}
        onChange={(value) => set('newPassword', value)}
        error={errorAt('/newPassword')}
      />
      {form.problem && errorAt('') === undefined && <Notice tone="bad">{form.problem.message}</Notice>}
      <Button type="submit" isPending={form.isPending} isDisabled={!values.password || !values.newPassword}>
        Change the password
      </Button>
    </Form>
  );
}

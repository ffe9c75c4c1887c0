import { answerDeviceLogin, getDeviceLogin } from '../../core/identity/device-logins/answer-device-login';
import {
  DeviceAnswerInput,
  DeviceCodeParams,
  DeviceLogin,
  DeviceLoginInput,
  DeviceTokenInput,
  StartedDeviceLogin,
} from '../../core/identity/device-logins/device-login.schema';
import { redeemDeviceLogin } from '../../core/identity/device-logins/redeem-device-login';
import { startDeviceLogin } from '../../core/identity/device-logins/start-device-login';
import { PersonalTokenWithValue } from '../../core/identity/personal-tokens/personal-token.schema';
import { route } from '../wire/route';

const tag = 'Tokens';

/** Programs that ask a user for a personal token (RFC 8628). */
export const deviceLoginRoutes = [
  route({
    id: 'startDeviceLogin',
    method: 'post',
    path: '/admin/device-logins',
    verb: startDeviceLogin,
    tag,
    summary: 'Ask for a token that a user approves in the console',
    body: DeviceLoginInput,
    answers: { 201: StartedDeviceLogin },
    notReplayable: true,
    args: ({ body }) => [body],
  }),
  route({
    id: 'redeemDeviceLogin',
    method: 'post',
    path: '/admin/device-logins/token',
    verb: redeemDeviceLogin,
    tag,
    summary: 'Get the token that was approved, once',
    body: DeviceTokenInput,
    answers: { 201: PersonalTokenWithValue },
    notReplayable: true,
    args: ({ body }) => [body.deviceCode],
  }),
  route({
    id: 'getDeviceLogin',
    method: 'get',
    path: '/admin/device-logins/:code',
    verb: getDeviceLogin,
    tag,
    summary: 'Read what the program with a code asks for',
    params: DeviceCodeParams,
    answers: { 200: DeviceLogin },
    args: ({ params }) => [params.code],
  }),
  route({
    id: 'answerDeviceLogin',
    method: 'put',
    path: '/admin/device-logins/:code',
    verb: answerDeviceLogin,
    tag,
    summary: 'Let the program with a code act for you, or refuse it',
    params: DeviceCodeParams,
    body: DeviceAnswerInput,
    answers: { 204: null },
    args: ({ params, body }) => [params.code, body],
  }),
] as const;

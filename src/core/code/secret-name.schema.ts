import * as z from 'zod';

const FORM = /^[A-Z][A-Z0-9_]{0,63}$/;

/** An environment variable's name: that is how a handler reads a secret. */
export const SecretName = z.string().regex(FORM, 'must be upper case letters, digits and _, starting with a letter');

export const isSecretName = (name: string): boolean => FORM.test(name);

import * as z from 'zod';
import { publicUrlIssue } from './public-url.rules';

/** A URL to which this service itself sends requests. */
export const PublicUrl = z
  .string()
  .max(2000)
  .superRefine((url, ctx) => {
    const message = publicUrlIssue(url);
    if (message !== null) ctx.addIssue({ code: 'custom', message });
  });

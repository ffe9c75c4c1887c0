import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';

const Sum = z.object({ numbers: z.array(z.number()).max(1000) });

/** A Hono app is a handler as it stands. Its paths are those below the endpoint: `/u/hono-app/greet/Ada` arrives as `/greet/Ada`. */
const app = new Hono();

app.get('/', (c) => c.text('Try /greet/<name>, or POST {"numbers": [1, 2]} to /sum.'));

app.get('/greet/:name', (c) => {
  const greeting = c.req.query('greeting') ?? 'Hello';
  return c.json({ message: `${greeting}, ${c.req.param('name')}!` });
});

app.post('/sum', async (c) => {
  const input = Sum.safeParse(await c.req.json().catch(() => null));
  if (!input.success) throw new HTTPException(422, { message: 'Send {"numbers": [1, 2]}.' });
  return c.json({ sum: input.data.numbers.reduce((sum, number) => sum + number, 0) });
});

export default app;

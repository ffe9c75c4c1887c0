/** Fails a test file that needs workerd and was given another runtime, such as Node. */
if (navigator.userAgent !== 'Cloudflare-Workers')
  throw new Error(`*.worker.test.ts must run in workerd, not in ${navigator.userAgent}`);

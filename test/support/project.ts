import { exports } from 'cloudflare:workers';
import { canonicalJson } from '../../src/kernel/normal-form';
import { sha256Hex } from '../../src/kernel/signed';
import type { Applied, Plan, PlanStep } from '../../src/core/projects/project.schema';
import { callAdmin, type AdminAnswer } from './admin-api';

/** A folder: sources by the label of their handler, documents by the label of everything else. */
export type Folder = Record<string, string | object>;

/** The hash under which a source or a document is pushed. */
export const hashOf = (content: string | object): string =>
  sha256Hex(typeof content === 'string' ? content : canonicalJson(content));

interface Options {
  prune?: boolean;
  over?: string[];
  adopt?: string[];
  restore?: string[];
  allow?: string[];
  moved?: { handler: string; to: string }[];
  commit?: string;
  generation?: number;
}

/** Builds the body of a plan. */
export const bodyOf = (folder: Folder, options: Options = {}): object => ({
  objects: Object.entries(folder).map(([label, content]) => ({
    kind: label.slice(0, label.indexOf(' ')),
    identity: label.slice(label.indexOf(' ') + 1),
    sha256: hashOf(content),
    ...(typeof content === 'string' ? {} : { document: content }),
  })),
  ...options,
});

/** The command as far as the service sees it: it hashes files, uploads sources, plans and applies. */
export function openProject(name: string, token: () => string) {
  const ask = (method: string, path: string, body?: unknown): Promise<AdminAnswer> =>
    callAdmin(method, path, { token: token(), ...(body === undefined ? {} : { body }) });
  const upload = async (source: string): Promise<number> => {
    const response = await exports.default.fetch(`https://portico.test/admin/blobs/${sha256Hex(source)}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token()}` },
      body: source,
    });
    await response.text();
    return response.status;
  };
  const plan = async (folder: Folder, options: Options = {}): Promise<Plan> => {
    const answer = await ask('POST', `/projects/${name}/plan`, bodyOf(folder, options));
    if (answer.status !== 200) throw new Error(answer.text);
    return answer.body as unknown as Plan;
  };
  const apply = (folder: Folder, options: Options, digest: string): Promise<AdminAnswer> =>
    ask('POST', `/projects/${name}/apply`, { ...bodyOf(folder, options), digest });
  return {
    name,
    plan,
    apply,
    upload,
    /** Plans, uploads what is needed and applies until all is done. Throws when the service refuses. */
    push: async (folder: Folder, options: Options = {}): Promise<Applied> => {
      for (;;) {
        const { digest, need } = await plan(folder, options);
        for (const source of Object.values(folder))
          if (typeof source === 'string' && need.blobs.includes(sha256Hex(source))) await upload(source);
        const answer = await apply(folder, options, digest);
        if (answer.status !== 200) throw new Error(answer.text);
        const applied = answer.body as unknown as Applied;
        if (applied.done) return applied;
      }
    },
    state: () => ask('GET', `/projects/${name}`),
  };
}

/** Summary of each object of a plan: `create endpoint POST a`. */
export const short = ({ steps }: { steps: readonly Pick<PlanStep, 'kind' | 'identity' | 'action'>[] }): string[] =>
  steps.map(({ kind, identity, action }) => `${action} ${kind} ${identity}`);

import type { Context } from '../../core/access/context';

export interface AppEnv {
  Bindings: Env;
  Variables: { ctx: Context };
}

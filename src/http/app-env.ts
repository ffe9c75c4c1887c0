import type { Context } from '../core/context';

export interface AppEnv {
  Bindings: Env;
  Variables: { ctx: Context };
}

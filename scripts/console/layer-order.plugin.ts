import type { Plugin } from 'vite';

/**
 * Begins every stylesheet with the order of the cascade layers. Their first mention decides it, and the stylesheet that a page applies first
 * differs by screen and by build.
 */
export function layerOrder(layers: readonly string[]): Plugin {
  return {
    name: 'layer-order',
    enforce: 'pre',
    transform: {
      filter: { id: /\.css$/ },
      handler: (code) => ({ code: `@layer ${layers.join(', ')};\n${code}`, map: null }),
    },
  };
}

import type { Extension } from '@codemirror/state';

/** `text` has no grammar: shell scripts, and templates of them. */
export type EditorLanguage = 'javascript' | 'typescript' | 'python' | 'json' | 'text';

/** Loads the grammar of a language. */
export async function loadLanguage(language: EditorLanguage): Promise<Extension> {
  switch (language) {
    case 'javascript':
    case 'typescript': {
      const { javascript } = await import('@codemirror/lang-javascript');
      return javascript({ typescript: language === 'typescript' });
    }
    case 'python':
      return (await import('@codemirror/lang-python')).python();
    case 'json':
      return (await import('@codemirror/lang-json')).json();
    case 'text':
      return [];
  }
}

import ts from 'typescript-6';

/*
 * A handler needs no types to be written, so the compiler gets them here: the parameters of its functions are annotated in a copy of the
 * source, which users never see. Offsets of the copy and of the source are translated into each other.
 */

/** A text put into the copy, at an offset of the source. */
export interface Insertion {
  at: number;
  text: string;
}

/** Names of the types that surround a handler, in the order of its arguments. */
const NAMED = ['PorticoParams', 'PorticoContext'] as const;
const REQUEST = ['Request', 'PorticoContext'] as const;

type Callable = ts.FunctionLikeDeclaration;

/** Returns what to insert so that the functions of a handler get types. Written types are left as they are. */
export function annotations(file: ts.SourceFile): Insertion[] {
  const functions = functionsOf(file);
  const isScript = file.fileName.endsWith('.js');
  return functions
    .flatMap(({ callable, types }) =>
      types.flatMap((type, index) => annotate(file, callable.parameters[index], type, isScript)),
    )
    .toSorted((a, b) => a.at - b.at);
}

function functionsOf(file: ts.SourceFile): { callable: Callable; types: readonly string[] }[] {
  const handler = exported(file, 'handler');
  if (handler !== null) return [{ callable: handler, types: REQUEST }];
  const named = exported(file, 'default');
  return named === null ? [] : [{ callable: named, types: NAMED }];
}

/** Returns the function that a file exports under a name, or null. */
function exported(file: ts.SourceFile, name: string): Callable | null {
  for (const statement of file.statements) {
    if (ts.isExportAssignment(statement) && name === 'default') return toFunction(file, statement.expression);
    if (!isExported(statement)) continue;
    const isDefault = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true;
    if (ts.isFunctionDeclaration(statement) && (isDefault ? 'default' : statement.name?.text) === name)
      return statement;
    if (ts.isVariableStatement(statement)) {
      const found = statement.declarationList.declarations.find((one) => one.name.getText(file) === name);
      if (found?.initializer) return toFunction(file, found.initializer);
    }
  }
  return null;
}

const isExported = (node: ts.Statement): node is ts.Statement & { modifiers?: ts.NodeArray<ts.ModifierLike> } =>
  ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;

function toFunction(file: ts.SourceFile, expression: ts.Expression): Callable | null {
  if (ts.isParenthesizedExpression(expression)) return toFunction(file, expression.expression);
  if (ts.isArrowFunction(expression) || ts.isFunctionExpression(expression)) return expression;
  if (!ts.isIdentifier(expression)) return null;
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === expression.text) return statement;
    if (!ts.isVariableStatement(statement)) continue;
    const found = statement.declarationList.declarations.find((one) => one.name.getText(file) === expression.text);
    const value = found?.initializer;
    if (value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value))) return value;
  }
  return null;
}

function annotate(
  file: ts.SourceFile,
  parameter: ts.ParameterDeclaration | undefined,
  type: string,
  isScript: boolean,
): Insertion[] {
  if (!parameter || parameter.type || parameter.dotDotDotToken || ts.getJSDocType(parameter)) return [];
  const start = parameter.getStart(file);
  const end = parameter.name.getEnd();
  // `params => …` takes no annotation without parentheses.
  const isBare = ts.isArrowFunction(parameter.parent) && !isInParentheses(file, parameter.parent);
  const [open, close] = isBare ? ['(', ')'] : ['', ''];
  if (isScript) return [...insertion(start, `${open}/** @type {${type}} */ `), ...insertion(end, close)];
  return [...insertion(start, open), ...insertion(end, `: ${type}${close}`)];
}

const insertion = (at: number, text: string): Insertion[] => (text === '' ? [] : [{ at, text }]);

const isInParentheses = (file: ts.SourceFile, arrow: ts.ArrowFunction): boolean =>
  arrow.getChildren(file).some(({ kind }) => kind === ts.SyntaxKind.OpenParenToken);

/** Returns the source with the insertions in it. */
export function inserted(source: string, insertions: readonly Insertion[]): string {
  let text = '';
  let last = 0;
  for (const { at, text: added } of insertions) {
    text += source.slice(last, at) + added;
    last = at;
  }
  return text + source.slice(last);
}

/** Returns the offset in the copy of an offset in the source. */
export const toCopy = (at: number, insertions: readonly Insertion[]): number =>
  insertions.reduce((now, one) => (one.at < at ? now + one.text.length : now), at);

/** Returns the offset in the source of one in the copy; one within an insertion is where that begins. */
export function toSource(at: number, insertions: readonly Insertion[]): number {
  let shift = 0;
  for (const one of insertions) {
    const start = one.at + shift;
    if (at <= start) break;
    if (at < start + one.text.length) return one.at;
    shift += one.text.length;
  }
  return at - shift;
}

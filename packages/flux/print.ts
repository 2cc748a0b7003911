import type {
  Expr,
  Import,
  Parameter,
  Program,
  Property,
  RecordLiteral,
  Statement,
} from './tree.ts'

const escapes: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
  // Else it would open an interpolation.
  '${': '\\${',
}

const quoted = (text: string): string =>
  `"${text.replace(/[\n\r\t"\\]|\$\{/g, (found) => escapes[found] ?? found)}"`

const isName = (text: string): boolean => /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(text)

const list = <T>(items: readonly T[], print: (item: T) => string): string =>
  items.map(print).join(', ')

const printProperty = ({ key, value }: Property): string => {
  const name = isName(key) ? key : quoted(key)
  return value === undefined ? name : `${name}: ${printExpression(value)}`
}

const printParameter = ({ name, isPiped, byDefault }: Parameter): string => {
  if (isPiped) return `${name}=<-`
  return byDefault === undefined ? name : `${name}=${printExpression(byDefault)}`
}

const isSign = (op: string): boolean => op === '-' || op === '+'

const printRecord = ({ base, properties }: RecordLiteral): string =>
  `{${base === undefined ? '' : `${base} with `}${list(properties, printProperty)}}`

function printBody(body: Expr | readonly Statement[]): string {
  return 'kind' in body ? printExpression(body) : `{\n${body.map(printStatement).join('\n')}\n}`
}

function printExpression(expr: Expr): string {
  switch (expr.kind) {
    case 'identifier':
      return expr.name
    case 'string':
      return quoted(expr.value)
    case 'literal':
      return expr.text
    case 'array':
      return `[${list(expr.items, printExpression)}]`
    case 'record':
      return printRecord(expr)
    case 'dictionary':
      return `[${list(expr.entries, ({ key, value }) => `${printExpression(key)}: ${printExpression(value)}`) || ':'}]`
    case 'function':
      return `(${list(expr.parameters, printParameter)}) => ${printBody(expr.body)}`
    case 'call':
      return `${printExpression(expr.callee)}(${list(expr.args, printProperty)})`
    case 'member':
      return `${printExpression(expr.of)}.${expr.name}`
    case 'index':
      return `${printExpression(expr.of)}[${printExpression(expr.at)}]`
    case 'binary':
      return `${printExpression(expr.left)} ${expr.op} ${printExpression(expr.right)}`
    case 'unary':
      return `${expr.op}${isSign(expr.op) ? '' : ' '}${printExpression(expr.expr)}`
    case 'conditional':
      return `if ${printExpression(expr.test)} then ${printExpression(expr.ifTrue)} else ${printExpression(expr.ifFalse)}`
    case 'paren':
      return `(${printExpression(expr.expr)})`
    case 'pipe':
      return `${printExpression(expr.from)}\n  |> ${printExpression(expr.into)}`
  }
}

function printStatement(statement: Statement): string {
  const value = printExpression(statement.value)
  switch (statement.kind) {
    case 'option':
      return `option ${statement.name} = ${value}`
    case 'assign':
      return `${statement.name} = ${value}`
    case 'return':
      return `return ${value}`
    case 'expression':
      return value
  }
}

const printImport = ({ path, alias }: Import): string =>
  `import ${alias === undefined ? '' : `${alias} `}${quoted(path)}`

/** A program's text, read as the same tree. */
export const printFlux = ({ imports, statements }: Program): string =>
  [...imports.map(printImport), ...statements.map(printStatement)].join('\n')

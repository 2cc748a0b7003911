import { isBareName } from '../tokens/lexer.ts'

export function printName(name: string): string {
  return isBareName(name) ? name : printQuoted(name)
}

export function printQuoted(name: string): string {
  return `"${name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')}"`
}

export function printString(value: string): string {
  if (!/[\\\n']/.test(value)) return `'${value}'`
  return `'${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll("'", "\\'")}'`
}

export function printRegex(source: string): string {
  return `/${source.replaceAll('/', '\\/')}/`
}

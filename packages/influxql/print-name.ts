import { isBareName } from './lexer.ts'

export function printName(name: string): string {
  if (isBareName(name)) return name
  return `"${name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')}"`
}

export function printString(value: string): string {
  if (!/[\\\n']/.test(value)) return `'${value}'`
  return `'${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll("'", "\\'")}'`
}

export function printRegex(source: string): string {
  return `/${source.replaceAll('/', '\\/')}/`
}

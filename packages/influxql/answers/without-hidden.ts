import { matcherOf } from '../evaluate/expressions/compile-expression.ts'
import { columnNames } from '../evaluate/expressions/field-name.ts'
import { mapReferences } from '../evaluate/expressions/references.ts'
import type { Call, Expr, Reference } from '../expression.ts'
import { keyTest } from '../key-filter.ts'
import { regexOfOthers } from '../regexes/regex-of-others.ts'
import type {
  Field,
  SelectStatement,
  ShowTagKeysStatement,
  ShowTagValuesStatement,
  Source,
  Statement,
  Subquery,
} from '../tree.ts'

/** No tag and no field is called so. */
const nobodys = ''

/**
 * The statement as an InfluxDB is to be asked whose every series has these tags, one value each for whoever asks, so that its columns are those of one whose series have not:
 * - what names them, but in the conditions of measurements, names what nobody has, under the column's name;
 * - rows of `*` and regexes are grouped by them, for what rows are grouped by is no column: in the answer they are left as tags of series alone (`strip.ts`);
 * - `GROUP BY *` is one of all others;
 * - a page of keys has room for theirs.
 * A query around others has the columns of these: one that they call so is nobody's tag. What names none of them is itself.
 */
export function withoutHidden(
  statement: Statement,
  hidden: ReadonlySet<string> | undefined,
): Statement {
  const { kind } = statement
  if (hidden === undefined || hidden.size === 0) return statement
  if (kind === 'select') return selectWithout(statement, hidden)
  const isKeys = kind === 'show tag keys' || kind === 'show tag values'
  return isKeys && isPagedWith(statement, hidden) ? widened(statement, hidden.size) : statement
}

/** Whether hidden keys would take their part of a page. */
export function isPagedWith(
  statement: ShowTagKeysStatement | ShowTagValuesStatement,
  hidden: ReadonlySet<string>,
): boolean {
  const { limit, offset, filter } = statement
  if (limit === 0 && offset === 0) return false
  return [...hidden].some(keyTest(filter))
}

/** Each hidden tag has one value: all keys up to the end of the page are among as many more. */
const widened = <Paged extends ShowTagKeysStatement | ShowTagValuesStatement>(
  statement: Paged,
  more: number,
): Paged => {
  const { limit, offset } = statement
  return { ...statement, limit: limit === 0 ? 0 : offset + limit + more, offset: 0 }
}

/** What a level of a SELECT may name. */
interface Level {
  /** The hidden tags; where a query within has a column of the name, it means that. */
  readonly isHidden: (reference: Reference) => boolean
  readonly tags: ReadonlySet<string>
}

function selectWithout(select: SelectStatement, hidden: ReadonlySet<string>): SelectStatement {
  const sources = select.sources.map((source) => sourceWithout(source, hidden))
  const inner = sources.filter((source) => source.kind === 'subquery')
  const level: Level = {
    isHidden: ({ name, type }) =>
      hidden.has(name) && (type === 'tag' || !inner.some((each) => hasColumn(each.select, name))),
    tags: hidden,
  }
  const fields = fieldsWithout(select.fields, level)
  const dimensions = dimensionsWithout(select, level)
  // A measurement's series are told apart by them: conditions are where its tags are named.
  const condition =
    inner.length === sources.length && select.condition !== undefined
      ? mapSome(select.condition, level)
      : select.condition
  const isSame =
    fields === select.fields &&
    dimensions === select.dimensions &&
    condition === select.condition &&
    sources.every((source, at) => source === select.sources[at])
  if (isSame) return select
  return { ...select, fields, dimensions, sources, ...(condition && { condition }) }
}

function sourceWithout(source: Source, hidden: ReadonlySet<string>): Source {
  if (source.kind === 'measurement') return source
  const select = selectWithout(source.select, hidden)
  return select === source.select ? source : { ...source, select }
}

/** The names of columns, as they were before any was replaced; those that stand for several have none. */
function fieldsWithout(fields: readonly Field[], level: Level): readonly Field[] {
  const split = fields.flatMap((field) => withoutRankedTags(field, level))
  if (split.every(({ expr }) => mapSome(expr, level) === expr)) return fields
  const columns = columnNames(split)
  return split.map((field, at) => {
    const expr = mapSome(field.expr, level)
    return expr === field.expr ? field : { expr, alias: columns[at] ?? nobodys }
  })
}

/** `top(v, host, tenant, 3)` is `top(v, host, 3)` where all have the same tenant, with a column for it; `top(v, tenant, 3)` is the one point of that tenant. */
function withoutRankedTags(field: Field, level: Level): Field[] {
  const { expr } = field
  if (expr.kind !== 'call' || (expr.name !== 'top' && expr.name !== 'bottom')) return [field]
  const isOther = (arg: Expr) => arg.kind !== 'reference' || !level.isHidden(arg)
  const [value, ...rest] = expr.args
  const others = rest.filter(isOther)
  if (value === undefined || others.length === rest.length) return [field]
  const call: Call = { ...expr, args: [value, ...(others.length === 1 ? others.map(one) : others)] }
  const tags = rest.filter((arg) => !isOther(arg)).map((tag) => ({ expr: tag }))
  return [{ ...field, expr: call }, ...tags]
}

const one = (count: Expr): Expr =>
  count.kind === 'integer' && count.value > 0n ? { ...count, value: 1n } : count

/** Hidden references replaced; the very expression where there are none. */
function mapSome(expr: Expr, { isHidden }: Level): Expr {
  let found = false
  const mapped = mapReferences(expr, (reference) => {
    if (!isHidden(reference)) return reference
    found = true
    return { ...reference, name: nobodys }
  })
  return found ? mapped : expr
}

const isOpen = ({ kind }: Expr): boolean => kind === 'wildcard' || kind === 'regex'

/** `*` and regexes beside calls, which take no tags. */
function standsForTags(expr: Expr): boolean {
  if (expr.kind === 'paren') return standsForTags(expr.expr)
  if (expr.kind === 'binary') return standsForTags(expr.left) || standsForTags(expr.right)
  return isOpen(expr)
}

/** Where a regex has them, they are tags of series in the answer. */
function dimensionsWithout(select: SelectStatement, { tags }: Level): readonly Expr[] {
  const { fields, dimensions } = select
  const named = dimensions.filter((each) => each.kind !== 'reference' || !tags.has(each.name))
  const left = named.map((each) => (each.kind === 'wildcard' ? all(tags) : each))
  // Beside a GROUP BY of `*` or a regex InfluxDB takes no tags for columns.
  const isOpenly = fields.some(({ expr }) => standsForTags(expr)) && !left.some(isOpen)
  if (isOpenly) return [...left, ...[...tags].map((name): Expr => ({ kind: 'reference', name }))]
  const isSame =
    left.length === dimensions.length && left.every((each, at) => each === dimensions[at])
  return isSame ? dimensions : left
}

/** What `*` stands for. Series limits count sets of series in an order that a tag more would change. */
const all = (but: ReadonlySet<string>): Expr => ({
  kind: 'regex',
  source: regexOfOthers([...but]),
})

/** Whether the answer to a query within has a column of the name. No measurement has one. */
function hasColumn({ fields, sources }: SelectStatement, name: string): boolean {
  const inner = sources.filter((source) => source.kind === 'subquery')
  if (columnNames(fields).includes(name)) return true
  return fields.some(({ expr }) => mayStandFor(expr, name)) && inner.some(has)

  function has({ select }: Subquery): boolean {
    return hasColumn(select, name)
  }
}

function mayStandFor(expr: Expr, name: string): boolean {
  if (expr.kind === 'wildcard') return expr.type !== 'tag'
  return expr.kind === 'regex' && matcherOf(expr.source)(name)
}

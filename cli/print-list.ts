import { print, printHead, say } from './terminal.ts'

interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextCursor: string | null
}

interface ListOptions<Item> {
  /** From a cursor on; from the beginning without. */
  readonly readPage: (cursor: string | undefined) => Promise<Page<Item>>
  /** One JSON object a line, without a head. */
  readonly json: boolean
  readonly columns: string
  readonly lineOf: (item: Item) => string
  /** Told to a person when there is nothing. */
  readonly none: string
}

/** Prints a list of the api, page after page. */
export async function printList<Item>(options: ListOptions<Item>): Promise<void> {
  const { readPage, json, columns, lineOf, none } = options
  const first = await readPage(undefined)
  if (first.items.length === 0) return say(none)
  if (!json) printHead(columns)
  for (let page = first; ; ) {
    for (const item of page.items) print(json ? JSON.stringify(item) : lineOf(item))
    if (page.nextCursor === null) return
    page = await readPage(page.nextCursor)
  }
}

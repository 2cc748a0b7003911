/** What has been opened so far, closed in reverse order. */
export function createClosers() {
  const closers: (() => Promise<void> | void)[] = []
  return {
    add: <Value extends { close(): Promise<void> }>(opened: Value): Value => {
      closers.push(() => opened.close())
      return opened
    },
    push: (close: () => void) => void closers.push(close),
    async closeAll() {
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close()
    },
  }
}

export type Closers = ReturnType<typeof createClosers>

/** Rejects when the process that started this one is gone, however it ended: its end of standard input, or of the IPC channel, closes with it. */
export function parentEnded(): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new Error('the process that started this agent ended'))
    if (process.connected) {
      process.once('disconnect', end)
      return
    }
    process.stdin.once('end', end).once('close', end).once('error', end).resume()
  })
}

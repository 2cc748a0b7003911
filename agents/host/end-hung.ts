/** Ends this process at once when a call to a file system has not returned: `process.exit` waits for libuv's threads, and so for a dead disk or network mount without end.
 *  To be called when nothing else is under way. */
export function endHung(): void {
  if (!process.getActiveResourcesInfo().includes('FSReqPromise')) return
  process.stderr.write('warren: a disk or network mount does not answer; ending without it\n')
  process.kill(process.pid, 'SIGKILL')
}

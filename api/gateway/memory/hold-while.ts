import type { ServerResponse } from 'node:http'
import type { RoomShare } from './room-share.ts'

/** What the answer has of the memory it has until the client has it, or has left. */
export function holdWhile(response: ServerResponse, share: RoomShare): void {
  if (share.bytes === 0) return
  const letGo = share.hold()
  if (response.destroyed) letGo()
  else response.once('close', letGo)
}

/** The same of a body that is made of several answers, one call each, beside what it has of its own. */
export function holderOf(response: ServerResponse, own: RoomShare): (share: RoomShare) => void {
  const held: (() => void)[] = []
  // One listener for all: of more than ten Node.js warns, and a hundred answers may be in a body.
  response.once('close', () => {
    own.release()
    for (const letGo of held) letGo()
  })
  return (share) => {
    const letGo = share.hold()
    if (response.destroyed) letGo()
    else held.push(letGo)
  }
}

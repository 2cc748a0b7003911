import asc from 'assemblyscript/asc'

/** What the AssemblyScript of a folder compiles to, with the settings of its `assembly/asconfig.json`. Throws with the compiler's words. */
export async function compileAssembly(folder: string): Promise<Uint8Array> {
  const compiled: Uint8Array[] = []
  const { error, stderr } = await asc.main(
    ['--config', 'assembly/asconfig.json', '--target', 'release', '--baseDir', folder],
    {
      writeFile: (_name, contents) => {
        compiled.push(Buffer.from(contents))
      },
    },
  )
  const [module, ...others] = compiled
  if (error !== null || module === undefined || others.length > 0)
    throw new Error(`${stderr}`, { cause: error })
  return module
}

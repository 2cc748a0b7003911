import { z } from 'zod'

/** A plugin is data: a type name, the schema of its settings, and a constructor. */
export interface Plugin<Type extends string, Settings extends z.ZodObject, Instance, Context> {
  readonly type: Type
  readonly settings: Settings
  create(settings: z.output<Settings>, context: Context): Instance
}

type AnyPlugin<Instance, Context> = Plugin<string, z.ZodObject, Instance, Context>
type Registry<Instance, Context> = Readonly<Record<string, AnyPlugin<Instance, Context>>>

/** Returns the `definePlugin` function of one plugin point, so that TypeScript infers the settings. */
export function pluginPoint<Instance, Context>() {
  return <const Type extends string, Settings extends z.ZodObject>(
    plugin: Plugin<Type, Settings, Instance, Context>,
  ) => plugin
}

/** Turns a registry into the schema of one configuration entry, discriminated by `type`. */
export function settingsOf<Instance, Context>(registry: Registry<Instance, Context>) {
  // safeExtend keeps a plugin's own refinements; spreading its shape would silently drop them.
  const [first, ...rest] = Object.values(registry).map((plugin) =>
    plugin.settings.safeExtend({ type: z.literal(plugin.type) }).strict(),
  )
  if (first === undefined) throw new Error('BUG: a plugin point needs at least one plugin')
  return z.discriminatedUnion('type', [first, ...rest])
}

/** Builds the plugin that a validated configuration entry names. */
export function createFrom<Instance, Context>(
  registry: Registry<Instance, Context>,
  entry: Readonly<Record<string, unknown>>,
  context: Context,
): Instance {
  const { type, ...settings } = entry
  const plugin = Object.values(registry).find((candidate) => candidate.type === type)
  if (plugin === undefined) throw new Error(`BUG: no plugin is registered for type "${type}"`)
  return plugin.create(settings, context)
}

import { writeFileSync } from 'node:fs'
import { configurationFiles } from './config-reference.ts'

for (const [path, text] of configurationFiles()) writeFileSync(path, text)

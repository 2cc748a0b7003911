import { makeSecrets } from './secrets.ts'
import { writeSecrets } from './write-secrets.ts'

const [folder = '/secrets'] = process.argv.slice(2)
const written = writeSecrets({ folder, make: makeSecrets })
process.stdout.write(written ? 'secrets made\n' : 'secrets kept\n')

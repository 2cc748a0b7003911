import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Whoever builds may have another value: a test runner's would put React's slow development build into the page.
process.env['NODE_ENV'] = 'production'

export default defineConfig({
  // Relative, so that one build works below any path.
  base: './',
  root: import.meta.dirname,
  plugins: [react()],
  build: { target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 1500 },
})

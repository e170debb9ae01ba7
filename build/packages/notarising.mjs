/** Any of these says that the app for macOS is to be notarised by Apple. The packager reads them itself. */
const CREDENTIALS = [
  'APPLE_API_KEY',
  'APPLE_API_KEY_ID',
  'APPLE_API_ISSUER',
  'APPLE_ID',
  'APPLE_APP_SPECIFIC_PASSWORD',
  'APPLE_KEYCHAIN_PROFILE',
]

/**
 * The packager notarises what it has signed, and packs in silence what it could not sign. Who has given the credentials is told
 * instead.
 * @returns arguments for electron-builder: none where nobody has given any
 */
export const notarising = (env) =>
  CREDENTIALS.some((name) => env[name]) ? ['-c.mac.forceCodeSigning=true'] : []

import * as z from 'zod'

/** Any value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
/** A JSON object. Read keys with `Object.hasOwn`: answers may carry `__proto__`. */
export type JsonObject = { readonly [key: string]: Json }

/** JSON as it comes from elsewhere. */
export const json: z.ZodType<Json> = z.json()

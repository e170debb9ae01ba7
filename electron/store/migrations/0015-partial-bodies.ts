/** Whether a PUT of a call-handling service carries its changed fields alone, also where the whole is sent otherwise. */
export const partialBodies = `
ALTER TABLE connections ADD COLUMN partial_bodies INTEGER NOT NULL DEFAULT 0;
`

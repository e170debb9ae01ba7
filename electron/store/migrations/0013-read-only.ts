/** A person's switch per connection: nothing is changed on its server from here. */
export const readOnly = `
ALTER TABLE connections ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0;
`

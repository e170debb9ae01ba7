/**
 * What a person decided to trust: the authorities themselves and not only where their file lay, and that a password may
 * cross a network without encryption. An authority that was chosen before is read once more when it is first needed.
 */
export const trusted = `
ALTER TABLE connections ADD COLUMN ca_pem TEXT;
ALTER TABLE connections ADD COLUMN unencrypted INTEGER NOT NULL DEFAULT 0;
`

/** The way to a server that a person chose: `none`, or the address of a proxy. NULL: the system's. Never a name or password. */
export const connectionProxies = `
ALTER TABLE connections ADD COLUMN proxy TEXT;
`

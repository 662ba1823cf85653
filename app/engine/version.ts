import packageJson from '../../package.json' with { type: 'json' };

/** Version of this Loci. */
export const lociVersion: string = packageJson.version;

/** Why a set cannot be made: a message for the one who asked for it. */
export class SetRefused extends Error {}

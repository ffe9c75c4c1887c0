import { compare, satisfies, validRange } from '@renovatebot/pep440';
import { markerHolds } from './marker.rules.ts';

/** A requirement of a Python package: `name[extra] >=1,<2; marker`, as PEP 508 defines it, without the form `name @ url`. */
export interface Requirement {
  /** Normalized: lower case, with `-` between words. */
  name: string;
  extras: string[];
  /** Version specifier of PEP 440; empty for any version. */
  specifier: string;
  /** Condition under which it applies; null for always. */
  marker: string | null;
}

const REQUIREMENT =
  /^\s*([A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?)\s*(?:\[([^\]]*)\])?\s*(\([^)]*\)|[^;@]*?)\s*(?:;\s*(.+))?$/i;

/** Returns the name of a package in its normal form: `Jinja2` and `typing_extensions` become `jinja2` and `typing-extensions`. */
export const normalName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');

/** Parses a requirement. Returns null for text that is none, and for a requirement of a URL. */
export function parseRequirement(text: string): Requirement | null {
  const [, name, extras = '', range = '', marker] = REQUIREMENT.exec(text) ?? [];
  if (name === undefined || (marker !== undefined && !isMarker(marker))) return null;
  const specifier = range.replace(/^\((.*)\)$/s, '$1').trim();
  if (specifier !== '' && !validRange(specifier)) return null;
  return {
    name: normalName(name),
    extras: extras
      .split(',')
      .filter((extra) => extra.trim() !== '')
      .map((extra) => normalName(extra.trim())),
    specifier,
    marker: marker?.trim() ?? null,
  };
}

function isMarker(text: string): boolean {
  try {
    markerHolds(text);
    return true;
  } catch {
    // It has one kind of error: the text is no marker.
    return false;
  }
}

/** Returns whether a requirement applies in the runtime. `extras` are those of the requirement that led to it. */
export const applies = ({ marker }: Requirement, extras: readonly string[] = []): boolean =>
  marker === null || markerHolds(marker, extras);

/** Returns whether a version fits a specifier. A pre-release fits only a specifier that names one. */
export const allowsVersion = (specifier: string, version: string): boolean =>
  specifier === '' || satisfies(version, specifier);

/** Orders versions as PEP 440 does, the oldest first. */
export const compareVersions = (a: string, b: string): number => compare(a, b);

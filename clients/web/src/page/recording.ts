/* SPDX-License-Identifier: MIT */
// Recordings as the daemon tells them (docs/protocol.md section 13), and how they read.

export type SessionState = 'starting' | 'armed' | 'recording' | 'held' | 'finishing' | 'done';

export interface Session {
  name: string;
  state: SessionState;
  reason: string;
  seconds: number;
  bytes: number;
  frames: number;
  dropped: number;
  missed: number;
  files: string[];
}

export interface Recording {
  name: string;
  state: 'finished' | 'recording' | 'broken';
  reason: string;
  bytes: number;
  start_us: number;
  duration_s: number;
  streams: { name: string; frames: number }[];
  markers: { time_us: number; text: string }[];
}

export interface Shelf {
  folder: { path: string; state: string; reason: string; free_bytes?: number };
  sessions: Session[];
  recordings: Recording[];
}

const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** "1.4 MB", by thousands. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** "9.5 s", "2:05", "1:02:03". */
export function lengthText(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.floor(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** What stands beside the button while a session runs. */
export function sessionText(session: Session): string {
  if (session.state === 'armed' || session.state === 'starting') return session.state;
  if (session.state === 'held') return `held: ${session.reason}`;
  const left = session.dropped + session.missed;
  const parts = [lengthText(session.seconds), sizeText(session.bytes)];
  if (left > 0) parts.push(`${left} dropped`);
  return parts.join(', ');
}

/** "door (120), yard (60)": streams with how many frames. */
export function streamsText(recording: Recording): string {
  return recording.streams.map(({ name, frames }) => `${name} (${frames})`).join(', ');
}

/** "2 markers: start; the door opens" */
export function markersText({ markers }: Recording): string {
  if (markers.length === 0) return '';
  const texts = markers.map(({ text }) => text).join('; ');
  return `${markers.length === 1 ? '1 marker' : `${markers.length} markers`}: ${texts}`;
}

/** The newest first. */
export function sorted(list: readonly Recording[]): Recording[] {
  return [...list].sort((a, b) => b.start_us - a.start_us || a.name.localeCompare(b.name));
}

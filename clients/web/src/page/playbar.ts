/* SPDX-License-Identifier: MIT */
// The slider of a recording, under the figure: where it stands, play, step, speed, loop. Dragging shows pictures at
// once; Space plays and stands, arrows step, Home and End go to the ends.

import type { Marker, RecordingInfo, Steer } from '../wire/message.ts';
import { make, setText } from './dom.ts';
import { elapsedText, type Replay } from './replay.ts';

const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, -1];
const FAR_STEP = 10;

function button(className: string, text: string, title: string): HTMLButtonElement {
  const element = make('button', className);
  element.type = 'button';
  element.title = title;
  element.setAttribute('aria-label', title);
  setText(element, text);
  return element;
}

export class Playbar {
  private readonly back = button('back', '‹', 'One frame back (←)');
  private readonly play = button('play', '▶', 'Play (Space)');
  private readonly on = button('on', '›', 'One frame on (→)');
  private readonly slider = make('input', 'position');
  private readonly marks = make('span', 'marks');
  private readonly clock = make('output', 'clock');
  private readonly speed = make('select', 'speed');
  private readonly loop = make('input', 'loop');
  private readonly leave = button('leave', 'together', 'Back to the time that all viewers see');
  private readonly element: HTMLElement;
  private isHeld = false;
  /** It played when the slider was taken. */
  private goesOn = false;
  private shownUs = 0;
  private marksKey = '';

  constructor(
    parent: HTMLElement,
    private readonly stream: string,
    private recording: RecordingInfo,
    private readonly replay: Replay,
  ) {
    this.slider.type = 'range';
    this.slider.setAttribute('aria-label', `Time in the recording ${recording.name}`);
    this.loop.type = 'checkbox';
    for (const speed of SPEEDS) {
      const option = make('option');
      option.value = String(speed);
      setText(option, `${speed}×`.replace('-', '−'));
      this.speed.append(option);
    }
    this.speed.title = 'Speed';
    this.speed.setAttribute('aria-label', 'Speed');
    const caption = make('span');
    setText(caption, 'loop');
    const loop = make('label', '', this.loop, caption);
    const track = make('span', 'track', this.slider, this.marks);
    const { back, play, on, clock, speed, leave } = this;
    this.element = make('div', 'playbar', track, back, play, on, clock, speed, loop, leave);
    parent.append(this.element);
    this.listen();
    this.update(recording);
    this.show(0);
  }

  destroy(): void {
    this.element.remove();
  }

  update(recording: RecordingInfo): void {
    this.recording = recording;
    this.slider.min = '0';
    this.slider.max = String(Math.max(recording.end_us - recording.start_us, 1));
  }

  /** `shownUs`: when the frame on screen was captured. */
  show(shownUs: number): void {
    const { state, timeline } = this.replay;
    const { start_us, end_us } = this.recording;
    this.shownUs = shownUs;
    const atUs = (state ? state.time_us : shownUs || start_us) - start_us;
    const playing = state ? state.playing : timeline === null;
    if (!this.isHeld) this.slider.value = String(atUs);
    setText(this.play, playing ? '❚❚' : '▶');
    this.play.title = playing ? 'Stand (Space)' : 'Play (Space)';
    this.play.setAttribute('aria-label', this.play.title);
    const frames = String(this.recording.frames);
    // As wide as any other, so that nothing jumps; on timeline 0 the number is not known.
    const frame = String(state ? state.frame + 1 : '–').padStart(frames.length, '\u2007');
    const text = `${elapsedText(atUs)} / ${elapsedText(end_us - start_us)} · ${frame}/${frames}`;
    setText(this.clock, text);
    this.clock.title = new Date((start_us + atUs) / 1000).toISOString();
    this.slider.setAttribute('aria-valuetext', text);
    if (document.activeElement !== this.speed) this.speed.value = String(state?.speed ?? 1);
    this.loop.checked = state?.loop ?? true;
    this.leave.style.visibility = timeline === null ? 'hidden' : '';
    this.showMarks(state?.markers ?? []);
  }

  private showMarks(markers: Marker[]): void {
    const key = JSON.stringify(markers);
    if (key === this.marksKey) return;
    this.marksKey = key;
    const { start_us, end_us } = this.recording;
    const marks = markers.map((marker) => {
      const mark = make('i');
      const part = (marker.time_us - start_us) / Math.max(end_us - start_us, 1);
      mark.style.left = `${Math.min(Math.max(part, 0), 1) * 100}%`;
      mark.title = marker.text;
      mark.addEventListener('click', () => this.seek(marker.time_us));
      return mark;
    });
    this.marks.replaceChildren(...marks);
  }

  private steer(steer: Steer): void {
    this.replay.steer(this.stream, this.shownUs, steer);
  }

  private seek(time_us: number): void {
    this.steer({ type: 'seek', time_us });
  }

  private step(frames: number): void {
    this.steer({ type: 'step', frames, stream: this.stream });
  }

  private get isPlaying(): boolean {
    return this.replay.state?.playing ?? this.replay.timeline === null;
  }

  private toggle(): void {
    this.steer({ type: this.isPlaying ? 'pause' : 'play' });
  }

  private listen(): void {
    this.back.addEventListener('click', () => this.step(-1));
    this.on.addEventListener('click', () => this.step(1));
    this.play.addEventListener('click', () => this.toggle());
    this.leave.addEventListener('click', () => this.replay.release());
    this.speed.addEventListener('change', () =>
      this.steer({ type: 'speed', speed: Number(this.speed.value) }),
    );
    this.loop.addEventListener('change', () =>
      this.steer({ type: 'loop', loop: this.loop.checked }),
    );
    this.slider.addEventListener('input', () => this.drag());
    this.slider.addEventListener('change', () => this.drop());
    this.slider.addEventListener('keydown', (event) => this.key(event));
  }

  /** It stands while it is dragged, else it would run away from under the pointer. */
  private drag(): void {
    if (!this.isHeld) {
      this.isHeld = true;
      this.goesOn = this.isPlaying;
      if (this.goesOn) this.steer({ type: 'pause' });
    }
    this.seek(this.recording.start_us + Number(this.slider.value));
  }

  private drop(): void {
    this.isHeld = false;
    if (this.goesOn) this.steer({ type: 'play' });
    this.goesOn = false;
  }

  private key(event: KeyboardEvent): void {
    const far = event.shiftKey ? FAR_STEP : 1;
    const { start_us, end_us } = this.recording;
    const keys: { [key: string]: () => void } = {
      ' ': () => this.toggle(),
      ArrowLeft: () => this.step(-far),
      ArrowDown: () => this.step(-far),
      ArrowRight: () => this.step(far),
      ArrowUp: () => this.step(far),
      Home: () => this.seek(start_us),
      End: () => this.seek(end_us),
    };
    if (event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  }
}

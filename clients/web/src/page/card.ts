/* SPDX-License-Identifier: MIT */
// A stream on the page: title, figure, sliders, status line. It watches its stream while it can be seen.

import type { Picked, Settled, ToPage, ViewStats } from '../shared/port.ts';
import type { Region, StreamInfo, Transform } from '../wire/message.ts';
import { LinkBounds, boundsKeys } from './bounds.ts';
import type { Client } from './client.ts';
import { make, setText } from './dom.ts';
import { figureNames, figureTexts, hasCells, patched } from './figure.ts';
import { Hover } from './hover.ts';
import { isColor, viewKeys } from './keys.ts';
import { noticeOf } from './notice.ts';
import { Panel } from './panel.ts';
import { aimFiles, cardParts } from './parts.ts';
import { Playbar } from './playbar.ts';
import { Plot } from './plot.ts';
import { RecordButton } from './record.ts';
import { isWhole, regionFor, sizeFor } from './region.ts';
import type { Replay, Replays } from './replay.ts';
import { Slices } from './slices.ts';
import { rateText, reducedText, statusOf, type Circumstances, type Status } from './status.ts';
import { currentTheme } from './theme.ts';
import { TransformMenu } from './transform.ts';
import { describe } from './values.ts';

const RESIZE_SETTLES_MS = 300;
/** After the last move of a zoom or a pan: meanwhile the picture that is there moves along. */
const MOVE_SETTLES_MS = 120;
const LIMITS_EVERY_MS = 240;

export interface Surroundings extends Pick<Circumstances, 'link' | 'linkReason' | 'linkSilentMs'> {
  /** When the connection was lost (performance.now()). */
  linkLostMs: number;
  /** The daemon's clock; 0: not known. */
  serverUs: number;
}

export class Card {
  readonly parts;
  readonly slot: number;
  stats: ViewStats | null = null;
  status: Status = { state: 'waiting', reason: '' };
  private visible = false;
  private paused = false;
  private focused = false;
  private refused = '';
  private slice: number[] = [];
  private settled: Settled | null = null;
  private figureKey = '';
  private resizeTimer = 0;
  private moveTimer = 0;
  /** What is asked for of the frame; null: all. */
  private region: Region | null = null;
  private readonly plot: Plot;
  private readonly hover: Hover;
  private readonly slices: Slices;
  /** What the reader chose; null: the stream's own. */
  private transform: Transform | null = null;
  private readonly transforms: TransformMenu;
  private readonly link: LinkBounds;
  private readonly panel: Panel;
  /** Of a stream that is played from a recording. */
  private replay: Replay | null = null;
  private playbar: Playbar | null = null;
  private readonly onReplay = () => this.followReplay();
  private timeline: number | null = null;
  private readonly recorder: RecordButton;
  private readonly resizes = new ResizeObserver(() => this.resized());

  constructor(
    private info: StreamInfo,
    private readonly client: Client,
    private readonly replays: Replays,
  ) {
    this.parts = cardParts(info.name);
    const canvases: [HTMLCanvasElement, HTMLCanvasElement] = [make('canvas'), make('canvas')];
    this.plot = new Plot(this.parts.plot, canvases, {
      onHover: (x, y) => this.hover.move(x, y),
      onLeave: () => this.hover.leave(),
      onSave: () => this.parts.save.click(),
      onMoved: () => this.moved(),
      onSwapped: (canvas) => client.swapped(this.slot, canvas),
    });
    this.hover = new Hover(this.plot, {
      pick: (x, y) => this.pick(x, y),
      dtype: () => this.settled?.dtype ?? '',
      names: () => figureNames(this.settled?.figure.layout ?? {}),
      texts: () => figureTexts(this.settled?.figure.layout ?? {}),
    });
    this.slices = new Slices(this.parts.slices, (slice) => {
      this.slice = slice;
      this.watch();
    });
    this.transforms = new TransformMenu(this.parts.tools, (transform) => {
      this.transform = transform;
      this.watch();
    });
    const { turn, panel, tools, card } = this.parts;
    tools.append(turn);
    this.recorder = new RecordButton(tools, info.name);
    this.link = new LinkBounds(tools, info.name, () => this.watch());
    this.panel = new Panel(info.name, turn, panel, (isOpen) => {
      card.classList.toggle('turning', isOpen);
      this.plot.resize();
    });
    this.slot = client.open(info.name, canvases, (message) => this.receive(message));
    this.resizes.observe(this.parts.stage);
    this.update(info);
  }

  get name(): string {
    return this.info.name;
  }

  update(info: StreamInfo): void {
    const changed = info.epoch !== this.info.epoch || info.shape.join() !== this.info.shape.join();
    this.info = info;
    this.lookForControls();
    this.lookForRecording();
    this.recorder.show(info.recordings);
    setText(this.parts.form, describe(info.shape, info.dtype, info.fps));
    if (changed) {
      this.slice = [];
      this.watch();
    }
  }

  setVisible(visible: boolean): void {
    if (this.visible === visible) return;
    this.visible = visible;
    this.lookForControls();
    this.watch();
  }

  takeControls(changed: { [name: string]: number | string | null }): void {
    this.panel.takeChanges(changed);
  }

  /** Nobody looks at the page at all. */
  setPaused(paused: boolean): void {
    if (this.paused === paused) return;
    this.paused = paused;
    this.watch();
  }

  /** Alone on the page: the wheel zooms instead of scrolling. */
  setFocused(focused: boolean): void {
    if (this.focused === focused) return;
    this.focused = focused;
    this.draw();
  }

  draw(): void {
    if (this.settled) this.plot.show(this.settled, currentTheme(), this.focused);
  }

  pick(x: number, y: number): Promise<Picked> {
    return this.client.pick(this.slot, x, y);
  }

  /** `watched`: how many cards share the page's thread. */
  takeStats(stats: ViewStats, watched: number): void {
    this.stats = stats;
    this.playbar?.show(stats.timeUs);
    if (this.playbar) aimFiles(this.parts.files, stats.timeUs);
    const [lo, hi] = stats.limits;
    if (lo === undefined || hi === undefined) return;
    this.plot.setLimits(lo, hi, stats.levels, LIMITS_EVERY_MS * Math.max(watched, 1));
  }

  showStatus(around: Surroundings): void {
    const { stats, info, refused, parts } = this;
    const visible = this.visible && !this.paused;
    this.status = statusOf({ ...around, stream: info, visible, refused, stats });
    const { state, reason } = this.status;
    parts.card.dataset.state = state;
    setText(parts.badge, state);
    setText(parts.reason, reason);
    parts.reason.title = reason;
    const blank = !stats || stats.painted === 0;
    // Of what runs no longer they would tell of old times.
    const runs = stats !== null && (state === 'live' || state === 'behind');
    setText(parts.reduced, runs ? reducedText(stats) : '');
    setText(parts.rate, runs ? rateText(stats) : '');
    // What rests has the age that it had when this page came.
    const late = runs && !stats.still && !info.recording ? Math.round(stats.latencyMs) : 0;
    setText(parts.latency, late > 0 ? `${late} ms` : '');
    setText(parts.dropped, blank ? '' : `${stats.dropped} dropped`);
    this.showNotice(around, blank);
  }

  private showNotice({ link, linkLostMs, serverUs }: Surroundings, isBlank: boolean): void {
    const { parts, info, status } = this;
    const isLinkLost = link !== 'open';
    const ageMs = isLinkLost ? performance.now() - linkLostMs : (serverUs - (info.since_us ?? 0)) / 1000;
    const isKnown = isLinkLost || (serverUs > 0 && info.since_us !== undefined);
    const notice = noticeOf({ status, stream: info, isBlank, isLinkLost, ageMs: isKnown ? ageMs : null });
    parts.notice.hidden = notice === null;
    parts.card.classList.toggle('dimmed', notice !== null);
    setText(parts.why, notice?.why ?? '');
    setText(parts.doing, notice?.doing ?? '');
  }

  /** Streams of cameras have some; others answer with none. Nobody asks for a card that was never seen. */
  private lookForControls(): void {
    const { state, source } = this.info;
    this.panel.setLive(source !== 'push' && state === 'live' && (this.visible || this.panel.isLive));
  }

  private lookForRecording(): void {
    const { recording } = this.info;
    if (recording && this.playbar) {
      this.playbar.update(recording);
    } else if (recording) {
      this.replay = this.replays.of(recording.name);
      this.playbar = new Playbar(this.parts.replay, this.info.name, recording, this.replay);
      this.replay.follow(this.onReplay);
      this.followReplay();
    } else {
      this.leaveRecording();
    }
  }

  private leaveRecording(): void {
    this.playbar?.destroy();
    aimFiles(this.parts.files, 0);
    this.replay?.unfollow(this.onReplay);
    this.playbar = this.replay = this.timeline = null;
  }

  private followReplay(): void {
    this.playbar?.show(this.stats?.timeUs ?? 0);
    const timeline = this.replay?.timeline ?? null;
    if (timeline === this.timeline) return;
    this.timeline = timeline;
    this.watch();
  }

  destroy(): void {
    clearTimeout(this.resizeTimer);
    this.leaveRecording();
    clearTimeout(this.moveTimer);
    this.resizes.disconnect();
    this.hover.leave();
    this.panel.destroy();
    this.recorder.destroy();
    this.client.close(this.slot);
    this.plot.destroy();
    this.parts.card.remove();
  }

  private watch(): void {
    if (!this.visible || this.paused) return this.client.unwatch(this.slot);
    const own = this.settled?.spec.transform ?? 'linear';
    const { info, slice, transform } = this;
    const size = this.aim();
    const uneven = hasCells(this.settled?.figure.layout ?? {});
    const keys = viewKeys(info, slice, size, transform, own, this.region, uneven);
    if (this.timeline !== null) keys.timeline = this.timeline;
    return this.client.watch(this.slot, { ...keys, ...boundsKeys(this.link.bounds) });
  }

  /** Sets the region by what is in sight; returns the pixels that it needs on the screen. */
  private aim(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.parts.stage;
    const stage = {
      width: clientWidth * devicePixelRatio,
      height: clientHeight * devicePixelRatio,
    };
    const { settled } = this;
    // Axes of another form than the stream has now say nothing of it. Timelines count epochs of their own.
    const isOfNow = settled?.epoch === this.info.epoch || this.timeline !== null;
    const sight = settled && isOfNow ? this.plot.sight() : null;
    const frame = { width: settled?.frameWidth ?? 0, height: settled?.frameHeight ?? 0 };
    this.region = sight && regionFor(sight, frame, this.region);
    return sight && !isWhole(sight, frame) ? sizeFor(this.region, sight, frame, stage) : stage;
  }

  private receive(message: ToPage): void {
    switch (message.op) {
      case 'settled':
        this.refused = '';
        return this.takeSettled(message.settled);
      case 'patch':
        if (!this.settled) return undefined;
        this.settled = { ...this.settled, figure: patched(this.settled.figure, message.patch) };
        return this.draw();
      case 'placed':
        return this.plot.place(message.placed);
      case 'refused':
        return this.takeRefusal(message.code, message.text);
      default:
        return undefined;
    }
  }

  private takeSettled(settled: Settled): void {
    this.settled = settled;
    const slice = settled.spec.slice ?? [];
    this.slices.show(settled.shape, slice);
    this.transforms.show(settled.scalar && !isColor(this.info), settled.spec.transform ?? 'linear');
    const { figure, frameWidth, frameHeight, scalar } = settled;
    // A view that was only left and taken up again keeps its zoom.
    const key = JSON.stringify([figure, frameWidth, frameHeight, scalar]);
    if (key === this.figureKey) return this.moved();
    this.figureKey = key;
    return this.draw();
  }

  /** A slice or a region that the stream no longer has is forgotten; anything else waits and says why. */
  private takeRefusal(code: string, text: string): void {
    this.refused = text;
    if (code !== 'bad-view' || (this.slice.length === 0 && !this.region)) return;
    this.slice = [];
    this.settled = null;
    this.watch();
  }

  private moved(): void {
    clearTimeout(this.moveTimer);
    this.moveTimer = window.setTimeout(() => {
      if (this.visible) this.watch();
    }, MOVE_SETTLES_MS);
  }

  private resized(): void {
    clearTimeout(this.resizeTimer);
    this.resizeTimer = window.setTimeout(() => {
      this.plot.resize();
      if (this.visible) this.watch();
    }, RESIZE_SETTLES_MS);
  }
}

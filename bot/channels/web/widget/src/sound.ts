/** Two soft notes, made on the spot so that no file is loaded. */
export function chime(): void {
  const audio = new AudioContext();
  const note = (frequency: number, start: number) => {
    const oscillator = audio.createOscillator();
    const volume = audio.createGain();
    oscillator.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, audio.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.15, audio.currentTime + start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + start + 0.5);
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start(audio.currentTime + start);
    oscillator.stop(audio.currentTime + start + 0.6);
  };
  note(660, 0);
  note(880, 0.15);
  setTimeout(() => void audio.close(), 1_000);
}

// A random generator that gives the same numbers for the same seed (mulberry32), and choices.

export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  // a number from 0 up to 1
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  // a whole number from 0 up to n
  below(n) {
    return Math.floor(this.next() * n);
  }

  // a whole number, both ends included
  between(low, high) {
    return low + this.below(high - low + 1);
  }

  chance(probability) {
    return this.next() < probability;
  }

  one(list) {
    return list[this.below(list.length)];
  }

  // one of several functions' results
  call(...functions) {
    return this.one(functions)();
  }

  // a list of up to n results
  some(n, make) {
    return Array.from({ length: this.below(n + 1) }, make);
  }

  // a part of a list, in random order
  subset(list, probability = 0.5) {
    return list.filter(() => this.chance(probability)).sort(() => this.next() - 0.5);
  }
}

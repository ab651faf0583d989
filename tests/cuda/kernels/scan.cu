__global__ void scan_hs(float* o, const float* a, int n) {          // Hillis-Steele, double buffered
  extern __shared__ float s[];
  int t = threadIdx.x, p = 0, q = 1;
  s[t] = a[blockIdx.x * n + t];
  __syncthreads();
  for (int d = 1; d < n; d *= 2) {
    p = 1 - p; q = 1 - p;
    s[p * n + t] = t >= d ? s[q * n + t] + s[q * n + t - d] : s[q * n + t];
    __syncthreads();
  }
  o[blockIdx.x * n + t] = s[p * n + t];
}
__global__ void scan_bl(float* o, const float* a, int n) {          // Blelloch, exclusive, n/2 threads
  extern __shared__ float s[];
  int t = threadIdx.x, off = 1, b = blockIdx.x * n;
  s[2 * t] = a[b + 2 * t]; s[2 * t + 1] = a[b + 2 * t + 1];
  for (int d = n >> 1; d > 0; d >>= 1) {
    __syncthreads();
    if (t < d) s[off * (2 * t + 2) - 1] += s[off * (2 * t + 1) - 1];
    off *= 2;
  }
  if (t == 0) s[n - 1] = 0;
  for (int d = 1; d < n; d *= 2) {
    off >>= 1;
    __syncthreads();
    if (t < d) { int i = off * (2 * t + 1) - 1, j = off * (2 * t + 2) - 1; float v = s[i]; s[i] = s[j]; s[j] += v; }
  }
  __syncthreads();
  o[b + 2 * t] = s[2 * t]; o[b + 2 * t + 1] = s[2 * t + 1];
}
__global__ void scan_race(float* o, const float* a, int n) {        // in place: read and write in one step
  extern __shared__ float s[];
  int t = threadIdx.x;
  s[t] = a[blockIdx.x * n + t];
  __syncthreads();
  for (int d = 1; d < n; d *= 2) {
    if (t >= d) s[t] += s[t - d];  //! RACE_IN_BLOCK
    __syncthreads();
  }
  o[blockIdx.x * n + t] = s[t];
}

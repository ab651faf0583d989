template <typename T, int N> __device__ T sum_of(const T *p) {
  T s = 0;
  for (int i = 0; i < N; i++) s += p[i];
  return s;
}
extern "C" __global__ void with_template(float *o, const float *a) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  o[i] = sum_of<float, 4>(a + 4 * i);
}
extern "C" __global__ void early_return(float *o, const float *a, int n) {
  __shared__ float s[256];
  int t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
  if (i >= n) return;
  s[t] = a[i];
  __syncthreads();
  o[i] = s[t ^ 1];
}
extern "C" __global__ void leaves_a_loop_of_barriers(float *o, const float *a, int n) {
  int t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
  if (i >= n) return;
  float s = 0;
  for (int k = 0; k < t % 3 + 1; k++) {
    s += a[k];
    __syncthreads();  //! BARRIER_AFTER_END
  }
  o[i] = s;
}
extern "C" __global__ void barrier_in_both_branches(float *o, const float *a) {
  __shared__ float s[64];
  int t = threadIdx.x;
  if (t < 32) {
    s[t] = a[t];
    __syncthreads();  //! DIVERGENT_BARRIER
  } else {
    s[t] = 2 * a[t];
    __syncthreads();  //! DIVERGENT_BARRIER
  }
  o[t] = s[63 - t];
}
extern "C" __global__ void nobody_wrote(float *o, const float *a) {
  int t = threadIdx.x;
  o[t] = a[t] + 1.0f;  //! UNINITIALISED_READ
}
extern "C" __global__ void local_array(float *o, const float *a) {
  int t = threadIdx.x;
  float r[8];
  for (int k = 0; k < 8; k++) r[k] = a[t * 8 + k];
  for (int k = 0; k < 8; k++) o[t * 8 + k] = r[(k + t) & 7];
}
extern "C" __global__ void warp_in_step(float *o, const float *a) {
  __shared__ float s[64];
  int t = threadIdx.x;
  s[t] = a[t];
  __syncwarp();
  o[t] = s[t ^ 1];
}
extern "C" __global__ void warp_taken_to_be_in_step(float *o, const float *a) {
  __shared__ float s[64];
  int t = threadIdx.x;
  s[t] = a[t];      //! RACE_IN_BLOCK
  o[t] = s[t ^ 1];  //! RACE_IN_BLOCK
}
extern "C" __global__ void flag(int *f, const float *a) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (a[i] > 0.9f) *f = 1;  //! RACE_IN_BLOCK //! RACE_ACROSS_BLOCKS
}
extern "C" __global__ void ballot(unsigned *o, const float *a) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  unsigned b = __ballot_sync(0xffffffff, a[i] > 0.5f);
  if ((threadIdx.x & 31) == 0) o[i / 32] = b;
}
extern "C" __global__ void atomic_maximum(float *o, const float *a) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  int *p = (int *)o, old = *(volatile int *)p;
  while (__int_as_float(old) < a[i]) {
    int assumed = old;
    old = atomicCAS(p, assumed, __float_as_int(a[i]));
    if (old == assumed) break;
  }
}
extern "C" __global__ void sum_of_half_warps(float *o, const float *a) {
  float v = a[threadIdx.x];
  for (int d = 8; d; d >>= 1) v += __shfl_xor_sync(0xffffffff, v, d, 16);
  o[threadIdx.x] = v;
}
extern "C" __global__ void every_kind_of_loop(int *o) {
  int i = 0, n = 0;
  do {
    n++;
    while (i < (int)threadIdx.x)
      if (i % 2) i++;
      else
        for (;;) {
          i++;
          break;
        }
  } while (n < 3);
  if (n == 3)
    for (int k = 0; k < 2; k++) n += k;
  else
    n = 0;
  o[threadIdx.x] = 10 * i + n;
}
__device__ int arrived[2];
extern "C" __global__ void warps_wait_for_each_other(int *o) {
  int w = threadIdx.x / 32;
  if (threadIdx.x % 32 == 0) {
    if (w == 0) while (atomicAdd(&arrived[1], 0) == 0) continue;
    atomicExch(&arrived[w], 1);
  }
  __syncthreads();
  o[threadIdx.x] = arrived[0] + arrived[1];
}
extern "C" __global__ void endless(int *o) {
  while (o[0] >= 0) o[0] = 1;
}
extern "C" __global__ void hungry(float *o, int n) {
  float large[50000];
  for (int i = 0; i < n; i++) large[i * 997 % 50000] = (float)i;
  o[0] = large[n];
}
extern "C" __global__ void divides_by(int *o, int n) {
  o[0] = 7 / n;
}
extern "C" __global__ void gives_up(int *o, int n) {
  if (n > 1) __trap();
  assert(n == 0);
  o[0] = 1;
}
template <int N> __device__ void reversed(float *o, const float *a) {
  __shared__ float s[N];
  s[threadIdx.x] = a[threadIdx.x];
  __syncthreads();
  o[blockIdx.x * N + threadIdx.x] = s[N - 1 - threadIdx.x];
}
extern "C" __global__ void shared_in_a_template(float *o, const float *a) {
  reversed<32>(o, a);
}
template <int N> __device__ void reversed_at_once(float *o, const float *a) {
  __shared__ float s[N];
  s[threadIdx.x] = a[threadIdx.x];                              //! RACE_IN_BLOCK
  o[blockIdx.x * N + threadIdx.x] = s[N - 1 - threadIdx.x];     //! RACE_IN_BLOCK
}
extern "C" __global__ void race_in_a_template(float *o, const float *a) {
  reversed_at_once<64>(o, a);
}
extern "C" __global__ void volatile_flags(int *sums, volatile int *flags, int *o) {
  int b = blockIdx.x, s = 0;
  sums[b] = b + 1;
  __threadfence();
  flags[b] = 1;
  for (int before = b - 1; before >= 0; before--) {
    while (flags[before] == 0) continue;
    __threadfence();
    s += sums[before];
  }
  o[b] = s;
}
extern "C" __global__ void volatile_flags_without_a_fence(int *sums, volatile int *flags, int *o) {
  int b = blockIdx.x, s = 0;
  sums[b] = b + 1;  //! RACE_ACROSS_BLOCKS
  flags[b] = 1;
  for (int before = b - 1; before >= 0; before--) {
    while (flags[before] == 0) continue;
    s += sums[before];  //! RACE_ACROSS_BLOCKS
  }
  o[b] = s;
}
extern "C" __global__ void order_of_arrival(int *next, int *o) {
  o[blockIdx.x + gridDim.x * blockIdx.y] = atomicAdd(next, 1);
}

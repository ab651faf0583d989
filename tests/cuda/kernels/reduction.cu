__global__ void red_seq(float* out, const float* in, int n) {
  extern __shared__ float s[];
  int t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
  s[t] = i < n ? in[i] : 0.0f;
  __syncthreads();
  for (int d = blockDim.x / 2; d > 0; d >>= 1) {
    if (t < d) s[t] += s[t + d];
    __syncthreads();
  }
  if (t == 0) out[blockIdx.x] = s[0];
}
__global__ void red_mod(float* out, const float* in, int n) {
  extern __shared__ float s[];
  int t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
  s[t] = i < n ? in[i] : 0.0f;
  __syncthreads();
  for (int d = 1; d < blockDim.x; d *= 2) {
    if (t % (2 * d) == 0) s[t] += s[t + d];
    __syncthreads();
  }
  if (t == 0) out[blockIdx.x] = s[0];
}
__global__ void red_nosync(float* out, const float* in, int n) {
  extern __shared__ float s[];
  int t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
  s[t] = i < n ? in[i] : 0.0f;
  __syncthreads();
  for (int d = blockDim.x / 2; d > 0; d >>= 1) {
    if (t < d) s[t] += s[t + d];  //! RACE_IN_BLOCK
  }
  if (t == 0) out[blockIdx.x] = s[0];
}
__global__ void red_divsync(float* out, const float* in, int n) {
  extern __shared__ float s[];
  int t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
  s[t] = i < n ? in[i] : 0.0f;
  __syncthreads();
  for (int d = blockDim.x / 2; d > 0; d >>= 1) {
    if (t < d) {
      s[t] += s[t + d];
      __syncthreads();  //! BARRIER_AFTER_END
    }
  }
  if (t == 0) out[blockIdx.x] = s[0];
}
__global__ void red_cross(float* out, const float* in, int n) {
  extern __shared__ float s[];
  int t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
  s[t] = i < n ? in[i] : 0.0f;
  __syncthreads();
  for (int d = blockDim.x / 2; d > 0; d >>= 1) {
    if (t < d) s[t] += s[t + d];
    __syncthreads();
  }
  if (t == 0) out[0] += s[0];  //! RACE_ACROSS_BLOCKS
}
__global__ void red_shfl(float* out, const float* in, int n) {
  __shared__ float w[32];
  int t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
  float v = i < n ? in[i] : 0.0f;
  for (int d = 16; d > 0; d >>= 1) v += __shfl_down_sync(0xffffffff, v, d);
  if (t % 32 == 0) w[t / 32] = v;
  __syncthreads();
  if (t < 32) {
    v = t < blockDim.x / 32 ? w[t] : 0.0f;
    for (int d = 16; d > 0; d >>= 1) v += __shfl_down_sync(0xffffffff, v, d);
    if (t == 0) atomicAdd(out, v);
  }
}
__global__ void red_shfl_div(float* out, const float* in, int n) {
  int t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
  float v = in[i];
  if (t % 32 < 16) for (int d = 16; d > 0; d >>= 1) v += __shfl_down_sync(0xffffffff, v, d);  //! LANE_MISSING
  if (t % 32 == 0) atomicAdd(out, v);
}
__device__ void warp_reduce(volatile float* s, int t) { s[t] += s[t+32]; s[t] += s[t+16]; s[t] += s[t+8]; s[t] += s[t+4]; s[t] += s[t+2]; s[t] += s[t+1]; }  //! RACE_IN_BLOCK
__global__ void red_volatile(float* out, const float* in, int n) {
  __shared__ float s[256];
  int t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
  s[t] = in[i];
  __syncthreads();
  for (int d = 128; d > 32; d >>= 1) { if (t < d) s[t] += s[t + d]; __syncthreads(); }
  if (t < 32) warp_reduce(s, t);
  if (t == 0) out[blockIdx.x] = s[0];
}
__device__ unsigned int ticket = 0;
__global__ void red_lastblock(float* out, float* part, const float* in, int n) {
  extern __shared__ float s[];
  __shared__ bool last;
  int t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
  s[t] = i < n ? in[i] : 0.0f;
  __syncthreads();
  for (int d = blockDim.x / 2; d > 0; d >>= 1) { if (t < d) s[t] += s[t + d]; __syncthreads(); }
  if (t == 0) { part[blockIdx.x] = s[0]; __threadfence(); last = atomicInc(&ticket, gridDim.x) == gridDim.x - 1; }
  __syncthreads();
  if (last) { float v = 0; for (int k = t; k < gridDim.x; k += blockDim.x) v += part[k]; s[t] = v; __syncthreads();
    for (int d = blockDim.x / 2; d > 0; d >>= 1) { if (t < d) s[t] += s[t + d]; __syncthreads(); }
    if (t == 0) { out[0] = s[0]; ticket = 0; } }
}

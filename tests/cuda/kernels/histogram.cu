__global__ void hist_race(int* h, const unsigned char* d, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) h[d[i]] += 1;  //! RACE_IN_BLOCK  //! RACE_ACROSS_BLOCKS
}
__global__ void hist_atomic(int* h, const unsigned char* d, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) atomicAdd(&h[d[i]], 1);
}
__global__ void hist_shared(int* h, const unsigned char* d, int n) {
  __shared__ int s[256];
  for (int j = threadIdx.x; j < 256; j += blockDim.x) s[j] = 0;
  __syncthreads();
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) atomicAdd(&s[d[i]], 1);
  __syncthreads();
  for (int j = threadIdx.x; j < 256; j += blockDim.x) atomicAdd(&h[j], s[j]);
}
__global__ void hist_noinit(int* h, const unsigned char* d, int n) {
  __shared__ int s[256];
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) atomicAdd(&s[d[i]], 1);  //! UNINITIALISED_READ
  __syncthreads();
  for (int j = threadIdx.x; j < 256; j += blockDim.x) atomicAdd(&h[j], s[j]);
}
__global__ void hist_nosync(int* h, const unsigned char* d, int n) {
  __shared__ int s[256];
  for (int j = threadIdx.x; j < 256; j += blockDim.x) s[j] = 0;
  __syncthreads();
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) atomicAdd(&s[d[i]], 1);  //! RACE_IN_BLOCK
  for (int j = threadIdx.x; j < 256; j += blockDim.x) atomicAdd(&h[j], s[j]);  //! RACE_IN_BLOCK
}

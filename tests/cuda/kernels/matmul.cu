#define T 16
__global__ void mm_naive(float* C, const float* A, const float* B, int N) {
  int r = blockIdx.y * blockDim.y + threadIdx.y, c = blockIdx.x * blockDim.x + threadIdx.x;
  float s = 0.0f;
  for (int k = 0; k < N; k++) s += A[r * N + k] * B[k * N + c];
  C[r * N + c] = s;
}
__global__ void mm_tiled(float* C, const float* A, const float* B, int N) {
  __shared__ float As[T][T];
  __shared__ float Bs[T][T];
  int tx = threadIdx.x, ty = threadIdx.y;
  int r = blockIdx.y * T + ty, c = blockIdx.x * T + tx;
  float s = 0.0f;
  for (int t = 0; t < N / T; t++) {
    As[ty][tx] = A[r * N + t * T + tx];
    Bs[ty][tx] = B[(t * T + ty) * N + c];
    __syncthreads();
    for (int k = 0; k < T; k++) s += As[ty][k] * Bs[k][tx];
    __syncthreads();
  }
  C[r * N + c] = s;
}
__global__ void mm_tiled_nosync2(float* C, const float* A, const float* B, int N) {
  __shared__ float As[T][T];
  __shared__ float Bs[T][T];
  int tx = threadIdx.x, ty = threadIdx.y;
  int r = blockIdx.y * T + ty, c = blockIdx.x * T + tx;
  float s = 0.0f;
  for (int t = 0; t < N / T; t++) {
    As[ty][tx] = A[r * N + t * T + tx];  //! RACE_IN_BLOCK
    Bs[ty][tx] = B[(t * T + ty) * N + c];  //! RACE_IN_BLOCK
    __syncthreads();
    for (int k = 0; k < T; k++) s += As[ty][k] * Bs[k][tx];  //! RACE_IN_BLOCK
  }
  C[r * N + c] = s;
}
__global__ void mm_tiled_k1(float* C, const float* A, const float* B, int N) {
  __shared__ float As[T][T];
  __shared__ float Bs[T][T];
  int tx = threadIdx.x, ty = threadIdx.y;
  int r = blockIdx.y * T + ty, c = blockIdx.x * T + tx;
  float s = 0.0f;
  for (int t = 0; t < N / T; t++) {
    As[ty][tx] = A[r * N + t * T + tx];
    Bs[ty][tx] = B[(t * T + ty) * N + c];
    __syncthreads();
    for (int k = 0; k <= T; k++) s += As[ty][k] * Bs[k][tx];  //! INDEX_OUT_OF_RANGE
    __syncthreads();
  }
  C[r * N + c] = s;
}
